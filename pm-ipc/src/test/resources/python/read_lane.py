"""FILE COUNT: prints COUNT messages of a mapped channel of one sender that no receiver has taken, without taking them."""
import mmap, struct, sys, time

MESSAGE, PADDING, FRAGMENT = 1, 2, 3
CHANNEL_TYPE, CHANNEL_LAYOUT = 16, 3
PRESENT = 0x656e7472
LANE = 1024  # offset in the channel

def channel(memory):
    """Finds the channel in the directory of the region: its offset and the capacity of a lane."""
    magic, byte_order, major = struct.unpack_from("=8sIH", memory)
    assert (magic, byte_order, major) == (b"PMREGION", 0x01020304, 1), "not a region of a version that is known here"
    directory, entries = struct.unpack_from("=II", memory, 72)
    for entry in range(directory, directory + 128 * entries, 128):
        state, kind, offset, size, capacity, senders, longest, layout = struct.unpack_from("=IIQQIIII", memory, entry)
        if (state, kind, layout) == (PRESENT, CHANNEL_TYPE, CHANNEL_LAYOUT):
            return offset, capacity
    raise SystemExit("no channel of a layout that is known here")

def records(memory, start, capacity, at):
    """Yields type and payload of each record from a position on, and waits for the next one."""
    while True:
        record = start + at % capacity
        length, kind = struct.unpack_from("=II", memory, record)  # an aligned word; x86 keeps the order of the reads
        if kind == 0:
            time.sleep(0.001)
            continue
        yield kind, memory[record + 8:record + 8 + length]
        at += 8 + length + 7 & -8

def messages(memory):
    offset, capacity = channel(memory)
    taken, = struct.unpack_from("=Q", memory, offset + 384)
    partial, total = b"", 0
    for kind, payload in records(memory, offset + LANE, capacity, taken):
        if kind == MESSAGE:
            yield payload
        elif kind == FRAGMENT:
            length, position = struct.unpack_from("=II", payload)
            if position == 0:
                partial, total = b"", length
            if (length, position) != (total, len(partial)):
                partial, total = b"", 0  # of a message whose beginning was not seen
                continue
            partial += payload[8:]
            if len(partial) == total:
                yield partial
                partial, total = b"", 0

with open(sys.argv[1], "rb") as file:
    memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
for number, message in zip(range(int(sys.argv[2])), messages(memory)):
    print(message.decode(), flush=True)
