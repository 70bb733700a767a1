package org.processmanager.benchmarks.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Sender;

/** Sends messages of a fixed size to a blocking byte stream; a batch is one write. */
final class StreamSender implements Sender {
    private final WritableByteChannel channel;
    private final int bytes;
    private final ByteBuffer buffer;

    StreamSender(WritableByteChannel channel, int bytes, int batch) {
        this.channel = channel;
        this.bytes = bytes;
        this.buffer = Packet.allocate(bytes * batch);
    }

    @Override
    public boolean offer(long head) throws IOException {
        Packet.write(buffer, 0, bytes, head);
        write(bytes);
        return true;
    }

    @Override
    public int offerBatch(long firstHead, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Packet.write(buffer, i * bytes, bytes, firstHead + i);
        }
        write(count * bytes);
        return count;
    }

    private void write(int length) throws IOException {
        buffer.position(0).limit(length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
