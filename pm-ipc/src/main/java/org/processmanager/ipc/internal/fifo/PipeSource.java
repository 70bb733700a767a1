package org.processmanager.ipc.internal.fifo;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.internal.stream.ByteSource;

/** The reading end of a pipe, non-blocking. */
final class PipeSource implements ByteSource {
    private final String subject;
    private final int fd;
    private @Nullable ByteBuffer buffer;
    private long address;

    PipeSource(String subject, int fd) {
        this.subject = subject;
        this.fd = fd;
    }

    @Override
    public int read(ByteBuffer into, int at, int length) {
        if (into != buffer) {
            buffer = into;
            address = Files.addressOf(into);
        }
        while (true) {
            int n = Files.read(fd, address + at, length);
            if (n > 0) {
                return n;
            }
            if (Errno.EAGAIN.is(-n)) {
                return EMPTY;
            }
            if (n < 0) {
                throw new ChannelException("cannot read from " + subject + ": " + Errno.describe(-n));
            }
            int events = Poll.awaitOne(fd, Poll.IN, 0);
            if ((events & Poll.IN) == 0) {
                return (events & Poll.HUP) == 0 ? NO_SENDER_YET : HUNG_UP;
            }
            // A sender has written meanwhile, and may have closed the pipe again.
        }
    }
}
