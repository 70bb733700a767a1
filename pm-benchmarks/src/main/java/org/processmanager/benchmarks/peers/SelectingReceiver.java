package org.processmanager.benchmarks.peers;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sink;

/** Receives from several sockets, those that are readable. */
final class SelectingReceiver implements Receiver {
    private final Selector selector;

    private SelectingReceiver(Selector selector) {
        this.selector = selector;
    }

    static SelectingReceiver of(List<StreamReceiver> streams) throws IOException {
        Selector selector = Selector.open();
        for (StreamReceiver stream : streams) {
            SocketChannel socket = (SocketChannel) stream.channel();
            socket.configureBlocking(false);
            socket.register(selector, SelectionKey.OP_READ, stream);
        }
        return new SelectingReceiver(selector);
    }

    @Override
    public int poll(Sink sink, int limit) throws IOException {
        int count = 0;
        while (count == 0) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                int taken;
                do { // until the buffer is empty: the selector reports only what is still in the socket
                    taken = ((StreamReceiver) key.attachment()).poll(sink, limit);
                    count += taken;
                } while (taken > 0);
            }
            selector.selectedKeys().clear();
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
