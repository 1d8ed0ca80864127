"""One piece of a bench that needs Django, in a process of its own.

`python -m bench.evaluation.job NAME JSON` calls that function of `bench.evaluation.pieces` with
the arguments in the JSON object; DATABASE_URL says on which database.
"""

import json
import os
import sys
from functools import partial

import django

from bench.evaluation.processes import child_main


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()
    from bench.evaluation.pieces import PIECES
    from evaluations.running import conversations

    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    if name.startswith("work"):
        conversations.prepare()  # as a worker does before it takes any run
    child_main(partial(PIECES[name], **arguments))


if __name__ == "__main__":
    main()
