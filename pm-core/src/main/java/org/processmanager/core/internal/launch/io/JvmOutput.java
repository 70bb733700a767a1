package org.processmanager.core.internal.launch.io;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.processmanager.core.internal.util.Threads;

/**
 * Standard output or standard error of this JVM. An interrupt of a writing thread neither closes the descriptor, which would
 * take the stream from the whole JVM, nor loses a byte. A descriptor that other code has made non-blocking is written to until
 * everything is accepted. Thread-safe.
 *
 * <p>A channel reports how much the system has accepted, which a {@link FileOutputStream} does not. An interrupt closes it, but
 * not the descriptor of this stream, and the rest goes through a new channel.
 */
final class JvmOutput extends OutputStream {
    static final JvmOutput OUT = new JvmOutput(FileDescriptor.out);
    static final JvmOutput ERR = new JvmOutput(FileDescriptor.err);

    private static final long FULL_PAUSE_NANOS = 1_000_000;

    private final FileDescriptor descriptor;
    private volatile FileChannel channel;

    private JvmOutput(FileDescriptor descriptor) {
        this.descriptor = descriptor;
        channel = open(descriptor);
    }

    private static FileChannel open(FileDescriptor descriptor) {
        return new FileOutputStream(descriptor) {
            @Override
            public void close() {
                // the descriptor belongs to the JVM
            }
        }.getChannel();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
        boolean interrupted = false;
        try {
            while (left.hasRemaining()) {
                interrupted |= Thread.interrupted();
                FileChannel current = channel;
                try {
                    if (current.write(left) == 0) {
                        Threads.pause(FULL_PAUSE_NANOS);
                    }
                } catch (ClosedChannelException e) {
                    reopen(current);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel closed) {
        if (channel == closed) {
            channel = open(descriptor);
        }
    }
}
