package org.processmanager.core.internal.posix;

/** epoll, poll and eventfd. {@link Events} is confined to one thread. */
public final class Poll {
    public static final int IN = 0x001;
    public static final int OUT = 0x004;
    public static final int ERR = 0x008;
    public static final int HUP = 0x010;
    /** Of epoll: the kernel disables the watch when it has reported it once. */
    public static final int ONE_SHOT = 1 << 30;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    /** struct epoll_event is packed on x86-64 alone. */
    private static final int DATA_OFFSET = com.sun.jna.Platform.isARM() ? 8 : 4;

    private static final int EVENT_SIZE = DATA_OFFSET + 8;
    private static final byte[] NO_EVENT = new byte[EVENT_SIZE];

    private Poll() {}

    private static final class C {
        static {
            NativeLayer.bind(C.class);
        }

        private C() {}

        static native int epoll_create1(int flags);

        static native int epoll_ctl(int epoll, int operation, int fd, byte[] event);

        static native int epoll_wait(int epoll, com.sun.jna.Pointer events, int count, int millis);

        static native int eventfd(int initial, int flags);

        static native int poll(byte[] fds, long count, int millis);
    }

    /** Creates an epoll instance. */
    public static int create() {
        int fd = C.epoll_create1(EPOLL_CLOEXEC);
        if (fd < 0) {
            throw new PosixException("epoll_create1", "", NativeLayer.errno());
        }
        return fd;
    }

    /** Creates a non-blocking event counter: writing an eight-byte number adds to it, reading resets it. */
    public static int createEventCounter() {
        int fd = C.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (fd < 0) {
            throw new PosixException("eventfd", "", NativeLayer.errno());
        }
        return fd;
    }

    /** Adds a descriptor; its events carry the {@code token}. */
    public static void add(int epoll, int fd, int events, long token) {
        control(epoll, CTL_ADD, fd, events, token);
    }

    /** Removes a descriptor; required before it is closed if a duplicate stays open. */
    public static void remove(int epoll, int fd) {
        control(epoll, CTL_DEL, fd, NO_EVENT);
    }

    /**
     * Waits for events of one descriptor.
     *
     * @return the pending events ({@link #IN}, {@link #OUT}, {@link #ERR}, {@link #HUP}); 0 after the timeout or a signal
     */
    public static int awaitOne(int fd, int events, int millis) {
        // struct pollfd: fd s32 at 0, events s16 at 4, revents s16 at 6
        java.nio.ByteBuffer pollfd = java.nio.ByteBuffer.allocate(8).order(java.nio.ByteOrder.nativeOrder());
        pollfd.putInt(0, fd).putShort(4, (short) events);
        int n = C.poll(pollfd.array(), 1, millis);
        if (n < 0) {
            int errno = NativeLayer.errno();
            if (Errno.EINTR.is(errno)) {
                return 0;
            }
            throw new PosixException("poll", "descriptor " + fd, errno);
        }
        return n == 0 ? 0 : pollfd.getShort(6) & 0xffff;
    }

    private static void control(int epoll, int operation, int fd, int events, long token) {
        java.nio.ByteBuffer event = java.nio.ByteBuffer.allocate(EVENT_SIZE).order(java.nio.ByteOrder.nativeOrder());
        event.putInt(0, events).putLong(DATA_OFFSET, token);
        control(epoll, operation, fd, event.array());
    }

    private static void control(int epoll, int operation, int fd, byte[] event) {
        if (C.epoll_ctl(epoll, operation, fd, event) != 0) {
            throw new PosixException("epoll_ctl " + operation, "descriptor " + fd, NativeLayer.errno());
        }
    }

    /** A buffer for the events of one wait. */
    public static final class Events {
        private final com.sun.jna.Pointer memory; // as long as its loop, which is never closed
        private final int capacity;
        private int count;

        /** Creates a buffer for {@code capacity} events. */
        public Events(int capacity) {
            this.capacity = capacity;
            this.memory = new NativeBlock((long) capacity * EVENT_SIZE).pointer();
        }

        /** Waits for at most {@code millis} (-1: no limit); returns the number of events, 0 after the timeout or a signal. */
        public int await(int epoll, int millis) {
            int n = C.epoll_wait(epoll, memory, capacity, millis);
            if (n < 0) {
                int errno = NativeLayer.errno();
                if (!Errno.EINTR.is(errno)) {
                    throw new PosixException("epoll_wait", "", errno);
                }
                n = 0;
            }
            count = n;
            return n;
        }

        /** Returns the bits of event {@code i}. */
        public int events(int i) {
            return memory.getInt(offset(i));
        }

        /** Returns the token of event {@code i}. */
        public long token(int i) {
            return memory.getLong(offset(i) + DATA_OFFSET);
        }

        private long offset(int i) {
            java.util.Objects.checkIndex(i, count);
            return (long) i * EVENT_SIZE;
        }
    }
}
