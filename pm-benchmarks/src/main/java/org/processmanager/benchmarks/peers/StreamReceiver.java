package org.processmanager.benchmarks.peers;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sink;

/**
 * Receives messages of a fixed size from a byte stream; one read takes what is available, up to the size of the
 * buffer.
 */
final class StreamReceiver implements Receiver {
    private final ReadableByteChannel channel;
    private final int bytes;
    private final ByteBuffer buffer;

    /** @param messages capacity of the buffer */
    StreamReceiver(ReadableByteChannel channel, int bytes, int messages) {
        this.channel = channel;
        this.bytes = bytes;
        this.buffer = Packet.allocate(bytes * messages);
        buffer.limit(0);
    }

    ReadableByteChannel channel() {
        return channel;
    }

    @Override
    public int poll(Sink sink, int limit) throws IOException {
        while (buffer.remaining() < bytes) {
            buffer.compact();
            int count = channel.read(buffer);
            buffer.flip();
            if (count < 0) {
                throw new EOFException("the sender has exited");
            }
            if (count == 0) { // only on a non-blocking channel
                return 0;
            }
        }
        int count = 0;
        while (count < limit && buffer.remaining() >= bytes) {
            Packet.deliver(buffer, buffer.position(), bytes, sink);
            buffer.position(buffer.position() + bytes);
            count++;
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
