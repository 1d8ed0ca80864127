"""The connections of calls that go only to addresses that were looked at before."""

import itertools
import math
from contextlib import suppress

import httpx2

ADDRESSES = "addresses"
"""Entry of a request's extensions: where its host may be called."""

CONNECTIONS_A_POOL = 8


class SpreadTransport(httpx2.AsyncBaseTransport):
    """The network, over several small pools of connections.

    Before and after each call a pool looks at all its connections, at idle ones with a system
    call: with one pool of 64 that is a fifth of all the work of a worker. A request that names
    addresses (`ADDRESSES`) goes to one of these, and its host's name is not resolved once more.
    """

    def __init__(self, calls_at_once: int) -> None:
        number = math.ceil(calls_at_once / CONNECTIONS_A_POOL)
        verify = httpx2.create_ssl_context()  # made once: it reads all certificates
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=CONNECTIONS_A_POOL)
        self._pools = [
            httpx2.AsyncHTTPTransport(verify=verify, limits=limits) for _ in range(number)
        ]
        self._turn = itertools.cycle(self._pools)
        self._last = ""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        pool = next(self._turn)
        # The last one first: there are connections to it.
        addresses = sorted(request.extensions.get(ADDRESSES, []), key=lambda a: a != self._last)
        for address in addresses[:-1]:
            with suppress(httpx2.ConnectError):
                return await self._call_at(address, pool, request)
        if addresses:
            return await self._call_at(addresses[-1], pool, request)
        return await pool.handle_async_request(request)

    async def _call_at(
        self, address: str, pool: httpx2.AsyncBaseTransport, request: httpx2.Request
    ) -> httpx2.Response:
        """Send to *address* what is meant for a host; the certificate must be that of the host."""
        response = await pool.handle_async_request(
            httpx2.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # 'Host' among them
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )
        )
        self._last = address
        return response

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()
