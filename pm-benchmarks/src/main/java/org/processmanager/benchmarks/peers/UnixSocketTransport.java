package org.processmanager.benchmarks.peers;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/**
 * The JDK's Unix domain sockets, blocking: a receiver listens, each sender connects to each receiver and serves them
 * in turn. Messages have a fixed size and need no frame.
 */
public final class UnixSocketTransport implements Transport {
    private static final int BUFFER_BYTES = 65_536;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path directory;
    private final String channel;
    private final int bytes;
    private final int batch;
    private final int senders;
    private final int receivers;

    public UnixSocketTransport(Params settings) {
        directory = settings.scratch();
        channel = settings.text("channel");
        bytes = settings.number("bytes");
        batch = settings.number("batch", 1);
        senders = settings.number("senders");
        receivers = settings.number("receivers");
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public boolean sharedQueue() {
        return false;
    }

    @Override
    public List<String> variants() {
        return List.of("blocking");
    }

    @Override
    public Idle idle(String variant) {
        return Idle.none();
    }

    @Override
    public Sender sender(int index) throws Exception {
        List<StreamSender> streams = new ArrayList<>();
        for (int receiver = 0; receiver < receivers; receiver++) {
            streams.add(new StreamSender(connect(address(receiver)), bytes, batch));
        }
        return streams.size() == 1 ? streams.get(0) : new TurnsSender(streams);
    }

    private static SocketChannel connect(UnixDomainSocketAddress address) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try {
                return SocketChannel.open(address);
            } catch (IOException e) { // the receiver does not listen yet
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public Receiver receiver(int index) throws Exception {
        List<StreamReceiver> streams = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address(index));
            for (int i = 0; i < senders; i++) {
                streams.add(new StreamReceiver(server.accept(), bytes, BUFFER_BYTES / bytes));
            }
        }
        return streams.size() == 1 ? streams.get(0) : SelectingReceiver.of(streams);
    }

    private UnixDomainSocketAddress address(int receiver) {
        return UnixDomainSocketAddress.of(directory.resolve(channel + "." + receiver));
    }
}
