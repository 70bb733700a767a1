"""Receives messages from the pipe that its parent has passed as "jobs", and prints the length and the CRC-32 of each."""
import os, struct, zlib

HEADER = struct.Struct("=IBBHqiiiI")
BEGIN, END = 1, 2

def messages(pipe):
    partial = {}
    while header := pipe.read(HEADER.size):
        magic, version, flags, size, sender, sequence, length, offset, crc = HEADER.unpack(header)
        assert (magic, version) == (0x504d4631, 1), "not a message of version 1"
        payload = pipe.read(size)
        if flags & BEGIN:
            partial[sender] = b""
        if offset == len(partial.get(sender, b"?")):
            partial[sender] += payload
            if flags & END:
                yield partial.pop(sender)

with os.fdopen(int(os.environ["PM_RESOURCE_JOBS"].removeprefix("fd:")), "rb") as pipe:
    for message in messages(pipe):
        print(len(message), zlib.crc32(message))
