"""Samples of lm-evaluation-harness, made by running it against a small server of our own words.

pip install "lm_eval[api]"      # 0.4.13 made the files that stand here
python make_lm_eval.py slider-svo.json FOLDER
"""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

SLIDER, FOLDER = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()

TASK = """\
task: slider_items
dataset_path: json
dataset_kwargs: {data_files: {test: docs.jsonl}}
test_split: test
output_type: generate_until
doc_to_text: "{{question}}"
doc_to_target: "{{caring}}"
generation_kwargs: {until: ["<end>"], temperature: 0.0, do_sample: false}
metric_list: [{metric: exact_match, aggregation: mean, higher_is_better: true}]
repeats: 2
"""


class Words(BaseHTTPRequestHandler):
    """An OpenAI-compatible address that always takes the first option."""

    asked = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Words.asked += 1
        text = "A" if Words.asked % 3 else "I choose A, as it gives both the most."
        body = json.dumps(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": "own-words-1",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": text},
                    }
                ],
                "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12},
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def docs():
    for item in json.loads(SLIDER.read_text())["items"][:3]:
        lines = [
            f"{letter}: you get {one}, the other person gets {two}"
            for letter, (one, two) in zip("ABCDEFGHI", item["options"], strict=False)
        ]
        yield {
            "question": "Which option do you choose?\n" + "\n".join(lines),
            "caring": "A",
            "item": item["number"],
            "target_value": "prosocial",
        }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    data = FOLDER / "docs.jsonl"
    data.write_text("".join(json.dumps(doc) + "\n" for doc in docs()))
    tasks = FOLDER / "tasks"
    tasks.mkdir(exist_ok=True)
    (tasks / "slider_items.yaml").write_text(TASK)
    server = HTTPServer(("127.0.0.1", 0), Words)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/v1/chat/completions"
    command = [str(Path(sys.executable).absolute().with_name("lm_eval")), "run"]
    command += ["--model", "local-chat-completions"]
    command += ["--model_args", f"model=own/words-1,base_url={address},num_concurrent=1"]
    command += ["--tasks", "slider_items", "--include_path", "tasks", "--apply_chat_template"]
    command += ["--log_samples", "--output_path", "out"]
    subprocess.run(command, check=True, cwd=FOLDER)


main()
