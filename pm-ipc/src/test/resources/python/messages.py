"""fifo|unix PATH fifo|unix PATH: forwards messages from the first channel to the second."""
import fcntl, os, socket, struct, sys

def crc32c(data, crc=0xffffffff):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x82f63b78 * (crc & 1)
    return crc ^ 0xffffffff

def frames(message, sender, sequence):
    for offset in range(0, len(message) or 1, 4064):
        payload = message[offset:offset + 4064]
        flags = (offset == 0) + 2 * (offset + len(payload) == len(message))  # BEGIN, END
        head = struct.pack("=IBBHqiii", 0x504d4631, 1, flags, len(payload), sender, sequence, len(message), offset)
        yield head + struct.pack("=I", crc32c(head)) + payload

def messages(stream, partial={}):
    while head := stream.read(32):
        magic, version, flags, size, sender, sequence, length, offset, crc = struct.unpack("=IBBHqiiiI", head)
        assert (magic, version, crc) == (0x504d4631, 1, crc32c(head[:28])), "not a message"
        partial[sender] = (b"" if flags & 1 else partial[sender]) + stream.read(size)
        if flags & 2:
            yield partial.pop(sender)

def lock(fd, byte):  # of a FIFO
    fcntl.fcntl(fd, 38, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0))  # F_OFD_SETLKW

def receive(kind, path):
    if kind == "fifo":
        os.mkfifo(path, 0o600)
        stream = open(path, "rb")  # returns when a sender opens it
    else:
        server = socket.socket(socket.AF_UNIX)
        server.bind(path)
        server.listen()
        stream = server.accept()[0].makefile("rb")
    yield from messages(stream)
    os.unlink(path)

def send(kind, path, forwarded):
    connection = socket.socket(socket.AF_UNIX)
    fd = os.open(path, os.O_WRONLY) if kind == "fifo" else connection.connect(path) or connection.fileno()
    sender = 1 << 32 | os.getpid()
    if kind == "fifo":
        lock(fd, sender)  # this sender is alive
        lock(fd, 1)  # its turn for messages of several frames
    for sequence, message in enumerate(forwarded):
        for frame in frames(message, sender, sequence):
            os.write(fd, frame)

send(*sys.argv[3:], receive(*sys.argv[1:3]))
