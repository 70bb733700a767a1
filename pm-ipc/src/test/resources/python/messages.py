"""send|receive fifo|unix PATH: sends lines of the standard input as messages, or writes received messages as lines."""
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

def lock(fd, kind, byte):  # of a FIFO
    fcntl.fcntl(fd, 38, struct.pack("hhqqi4x", kind, os.SEEK_SET, byte, 1, 0))  # F_OFD_SETLKW

def send(kind, path):
    connection = socket.socket(socket.AF_UNIX) if kind == "unix" else None
    fd = connection.connect(path) or connection.fileno() if connection else os.open(path, os.O_WRONLY)
    sender = 1 << 32 | os.getpid()
    if kind == "fifo":
        lock(fd, fcntl.F_WRLCK, sender)  # this sender is alive
    for sequence, line in enumerate(sys.stdin.buffer):
        if kind == "fifo":
            lock(fd, fcntl.F_WRLCK, 1)  # a turn for a message of several frames
        for frame in frames(line.rstrip(b"\n"), sender, sequence):
            os.write(fd, frame)
        if kind == "fifo":
            lock(fd, fcntl.F_UNLCK, 1)

def receive(kind, path):
    if kind == "fifo":
        os.mkfifo(path, 0o600)
        stream = open(path, "rb")  # returns when a sender opens it
    else:
        server = socket.socket(socket.AF_UNIX)
        server.bind(path)
        server.listen()
        stream = server.accept()[0].makefile("rb")
    for message in messages(stream):
        sys.stdout.buffer.write(message + b"\n")
    os.unlink(path)

{"send": send, "receive": receive}[sys.argv[1]](*sys.argv[2:])
