"""An echo on Python's websockets, as its documentation has it, with its compression off like everybody's here."""

import asyncio

from websockets.asyncio.server import serve


async def echo(socket):
    async for message in socket:
        await socket.send(message)


async def main():
    # The load answers no pings: after 40 s of other servers' turns it would be given up.
    async with serve(echo, "127.0.0.1", 0, compression=None, max_size=64 << 20, ping_interval=None) as server:
        print("127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
