package org.processmanager.benchmarks.peers.jeromq;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Message;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import zmq.io.net.ipc.IpcAddress;

/**
 * JeroMQ's PUSH and PULL over {@code ipc:}, which is TCP on the loopback, at a port derived from the name. A receiver
 * binds; a sender has a socket for each receiver and serves them in turn.
 */
public final class JeromqTransport implements Transport {
    /**
     * JeroMQ was observed to sleep forever with messages in transit (see its issues 355 and 410): waiting threads
     * poll at this interval.
     */
    private static final int LOOK_AGAIN_MILLIS = 10;

    private static final int FIRST_EPHEMERAL_PORT = 32_768;

    private final ZContext context = new ZContext();
    private final Path directory;
    private final String channel;
    private final int bytes;
    private final int receivers;
    private final int highWaterMark;

    public JeromqTransport(Params settings) {
        directory = settings.scratch();
        channel = settings.text("channel");
        bytes = settings.number("bytes");
        receivers = settings.number("receivers");
        highWaterMark = settings.number("capacity") / bytes;
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
    public Sender sender(int index) {
        List<ZMQ.Socket> sockets = new ArrayList<>();
        for (int receiver = 0; receiver < receivers; receiver++) {
            ZMQ.Socket socket = socket(SocketType.PUSH);
            socket.connect(address(receiver));
            sockets.add(socket);
        }
        return new PushSender(sockets, bytes);
    }

    @Override
    public Receiver receiver(int index) {
        ZMQ.Socket socket = socket(SocketType.PULL);
        if (!socket.bind(address(index))) {
            throw new IllegalStateException("cannot bind " + address(index));
        }
        return (sink, limit) -> {
            byte[] message;
            do {
                message = socket.recv();
            } while (message == null);
            Packet.deliver(message, sink);
            return 1;
        };
    }

    private ZMQ.Socket socket(SocketType type) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setHWM(highWaterMark);
        socket.setReceiveTimeOut(LOOK_AGAIN_MILLIS);
        socket.setSendTimeOut(LOOK_AGAIN_MILLIS);
        socket.setLinger(0);
        return socket;
    }

    /**
     * Returns a port outside the kernel's ephemeral range: ports of that range were taken by others in 1 of 200
     * forks.
     */
    private String address(int receiver) {
        String name = directory.resolve(channel + "." + receiver).toString();
        while (new IpcAddress(name).resolve(name, false, true).getPort() >= FIRST_EPHEMERAL_PORT) {
            name += "'";
        }
        return "ipc://" + name;
    }

    @Override
    public void close() {
        context.close();
    }

    private static final class PushSender implements Sender {
        private final List<ZMQ.Socket> sockets;
        private final int bytes;
        private int next;

        PushSender(List<ZMQ.Socket> sockets, int bytes) {
            this.sockets = sockets;
            this.bytes = bytes;
        }

        @Override
        public boolean offer(long head) {
            next = next + 1 == sockets.size() ? 0 : next + 1;
            return send(sockets.get(next), head);
        }

        @Override
        public boolean offerEnd() {
            sockets.forEach(socket -> send(socket, Message.END));
            return true;
        }

        /** Blocks at the high-water mark, where it polls like a receiver. The socket keeps the array. */
        private boolean send(ZMQ.Socket socket, long head) {
            byte[] message = new byte[bytes];
            Packet.write(message, head);
            while (!socket.send(message)) {
                Thread.onSpinWait();
            }
            return true;
        }
    }
}
