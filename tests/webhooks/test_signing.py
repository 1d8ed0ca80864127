from webhooks.signing import secret_of, signature


def test_the_example_of_the_standard_is_signed_as_it_says():
    # https://github.com/standard-webhooks/standard-webhooks, tests of the reference libraries
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_says_what_it_is():
    assert secret_of(bytes(32)).startswith("whsec_AAAA")
