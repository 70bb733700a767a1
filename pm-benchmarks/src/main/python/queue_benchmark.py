"""Python's multiprocessing.Queue: bytes objects of the size of a message.

mode=throughput: millions of messages per second from "senders" processes to "receivers".
mode=spinning or blocking: time for a message and its echo, in nanoseconds or microseconds; the queue always blocks, and for
"blocking" the first side pauses before each message. Every message is checked as the class Message of the benchmarks does.
Options are name=value; the lines of the runner's protocol begin with "@pm".
"""

import multiprocessing
import resource
import struct
import sys
import time

WARM_UP = 0.4
PHASE_SECONDS = 0.2
PAUSE_SECONDS = 0.0001
MAX_POINTS = 1000
BURST = 64
SEQUENCE_BITS = 48
LONGS = 1 << 64
END = LONGS - 1


def pack(head, size):
    tail = head * 0x9E3779B97F4A7C15 % LONGS
    return struct.pack("=Q", head) + bytes(size - 16) + struct.pack("=Q", tail)


def unpack(message):
    head = struct.unpack_from("=Q", message)[0]
    tail = struct.unpack_from("=Q", message, len(message) - 8)[0]
    if tail != head * 0x9E3779B97F4A7C15 % LONGS:
        raise ValueError(f"message {head:x} ends with {tail:x}")
    return head


def send(queue, control, answers, sender, size):
    """Sends in phases whose length comes from the control queue, until None."""
    base = sender << SEQUENCE_BITS
    while (seconds := control.get()) is not None:
        start = time.monotonic()
        sequence = checksum = 0
        while not sequence or time.monotonic() - start < seconds:
            for _ in range(BURST):
                queue.put(pack(base + sequence, size))
                checksum += base + sequence
                sequence += 1
        answers.put(("sent", sequence, checksum, start, 0.0))
        queue.put(pack(END, size))


def receive(queue, control, answers, ends_of_phase, senders):
    """Receives in phases, each until the end messages of its senders."""
    while control.get() is not None:
        count = checksum = ends = 0
        first = None
        last_of = [-1] * senders
        while ends < ends_of_phase:
            head = unpack(queue.get())
            if first is None:
                first = time.monotonic()
            if head == END:
                ends += 1
                continue
            sender, sequence = head >> SEQUENCE_BITS, head & ((1 << SEQUENCE_BITS) - 1)
            if sequence <= last_of[sender]:
                raise ValueError(f"sender {sender}: message {sequence} came after message {last_of[sender]}")
            last_of[sender] = sequence
            count += 1
            checksum += head
        answers.put(("received", count, checksum, first, time.monotonic()))


def phase(controls, answers, seconds):
    for control in controls:
        control.put(seconds)
    done = [answers.get(timeout=30) for _ in controls]
    sent = [answer for answer in done if answer[0] == "sent"]
    received = [answer for answer in done if answer[0] == "received"]
    for what in (1, 2):
        if sum(answer[what] for answer in sent) != sum(answer[what] for answer in received):
            raise ValueError(f"sent and received differ: {sent}, {received}")
    count = sum(answer[1] for answer in received)
    return count / (max(answer[4] for answer in received) - min(answer[3] for answer in received)) / 1e6


def throughput(options, seconds):
    senders, receivers, size = options["senders"], options["receivers"], options["bytes"]
    queue = multiprocessing.Queue(options["capacity"] // size)
    answers = multiprocessing.Queue()
    controls = [multiprocessing.Queue() for _ in range(senders + receivers)]
    parties = [
        multiprocessing.Process(target=send, args=(queue, controls[i], answers, i, size), daemon=True)
        for i in range(senders)
    ] + [
        multiprocessing.Process(
            target=receive, args=(queue, controls[senders + i], answers, senders // receivers, senders), daemon=True
        )
        for i in range(receivers)
    ]
    for party in parties:
        party.start()
    phase(controls, answers, seconds * WARM_UP)
    rates = []
    start = time.monotonic()
    while not rates or time.monotonic() - start < seconds * (1 - WARM_UP):
        rates.append(phase(controls, answers, PHASE_SECONDS))
    for control in controls:
        control.put(None)
    for party in parties:
        party.join(5)
    return rates


def echo(there, back):
    while unpack(message := there.get()) != END:
        back.put(message)


def round_trips(options, seconds):
    there, back = multiprocessing.Queue(), multiprocessing.Queue()
    other = multiprocessing.Process(target=echo, args=(there, back), daemon=True)
    other.start()
    blocking = options["mode"] == "blocking"
    times = []
    start = time.monotonic()
    sequence = 0
    while time.monotonic() - start < seconds or not times:
        if blocking:
            paused = time.monotonic()
            while time.monotonic() - paused < PAUSE_SECONDS:
                pass
        before = time.monotonic_ns()
        there.put(pack(sequence, options["bytes"]))
        if unpack(back.get()) != sequence:
            raise ValueError(f"no echo of {sequence}")
        if time.monotonic() - start > seconds * WARM_UP:
            times.append((time.monotonic_ns() - before) / (1e3 if blocking else 1))
        sequence += 1
    there.put(pack(END, options["bytes"]))
    other.join(5)
    return times


def peak_rss():
    """Returns the peak of this process; not ru_maxrss, which a process inherits through exec."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def report(values, processes):
    values.sort()
    count = len(values)
    points = values if count <= MAX_POINTS else [values[i * (count - 1) // (MAX_POINTS - 1)] for i in range(MAX_POINTS)]
    rss = peak_rss() + (processes - 1) * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(
        f"@pm result variant= count={count} mean={sum(values) / count} rss={rss} threads={processes}"
        f" points={','.join(map(repr, points))}"
    )
    print("@pm verified", flush=True)


def main():
    options = dict(argument.split("=", 1) for argument in sys.argv[1:])
    for number in ("millis", "bytes", "capacity", "senders", "receivers"):
        options[number] = int(options[number])
    seconds = options["millis"] / 1000
    if options["mode"] == "throughput":
        report(throughput(options, seconds), options["senders"] + options["receivers"])
    else:
        report(round_trips(options, seconds), 2)


if __name__ == "__main__":
    main()
