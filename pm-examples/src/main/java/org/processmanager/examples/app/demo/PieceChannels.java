package org.processmanager.examples.app.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.processmanager.core.Inheritable;
import org.processmanager.examples.app.demo.DemoOptions.Transport;
import org.processmanager.examples.app.demo.DemoReport.Role;
import org.processmanager.ipc.ChannelPair;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.OpenMode;

/**
 * The channels of a run, one to each consumer. The parent has a sender of each too: a channel ends when the parent and all
 * producers have closed theirs, and so does not when a producer is killed.
 */
final class PieceChannels implements AutoCloseable {
    private static final String NAME = "pieces";

    private final Transport transport;
    private final Path base;
    private final int producers;
    private final int consumers;
    private final List<ChannelPair> pairs = new ArrayList<>();
    private final List<MessageSender> senders = new ArrayList<>();

    /**
     * Opens nothing.
     *
     * @param base the path of the run, to which the names of the channels' files are appended
     */
    PieceChannels(Transport transport, Path base, int producers, int consumers) {
        this.transport = transport;
        this.base = base;
        this.producers = producers;
        this.consumers = consumers;
    }

    /** Returns the files that the channels may have. */
    static List<Path> files(Path base, int consumers) {
        List<Path> files = new ArrayList<>();
        for (int consumer = 0; consumer < consumers; consumer++) {
            files.add(file(base, consumer));
        }
        return files;
    }

    private static Path file(Path base, int consumer) {
        return base.resolveSibling(base.getFileName() + "." + consumer);
    }

    /** Creates the channels that have no name. Called by the parent before it starts a party. */
    void create() {
        if (transport == Transport.pipe) {
            for (int consumer = 0; consumer < consumers; consumer++) {
                pairs.add(Ipc.pair("pipe:"));
            }
        }
    }

    /** Returns what a party needs to open its channels. */
    Map<String, Inheritable> forParty(Role role, int number) {
        Map<String, Inheritable> passed = new TreeMap<>();
        for (int consumer = 0; consumer < pairs.size(); consumer++) {
            if (role == Role.producer) {
                passed.put(NAME + consumer, pairs.get(consumer).senderForChild());
            } else if (number == producers + consumer) {
                passed.put(NAME + consumer, pairs.get(consumer).receiverForChild());
            }
        }
        return passed;
    }

    /** Connects the parent to all consumers, by a message that they skip. */
    void connect() throws InterruptedException {
        for (int consumer = 0; consumer < consumers; consumer++) {
            MessageSender sender = pairs.isEmpty()
                    ? Ipc.sender(endpoint(consumer))
                    : pairs.get(consumer).sender();
            senders.add(sender);
            sender.send(Cell.end());
        }
    }

    /** Opens the channels of a producer. */
    List<MessageSender> openSenders() {
        for (int consumer = 0; consumer < consumers; consumer++) {
            senders.add(Ipc.sender(endpoint(consumer)));
        }
        return senders;
    }

    /** Opens the channel of a consumer, whose pieces stay in it until they are handled. */
    MessageReceiver openReceiver(int number) {
        return Ipc.receiver(endpoint(number - producers), OpenMode.OPEN_OR_CREATE, Delivery.AT_LEAST_ONCE);
    }

    private Endpoint endpoint(int consumer) {
        if (transport == Transport.pipe) {
            return Ipc.inherited(NAME + consumer);
        }
        Endpoint endpoint = Endpoint.of(transport.name(), file(base, consumer));
        return transport == Transport.mapped ? endpoint.with("senders", Integer.toString(producers + 1)) : endpoint;
    }

    /** Closes the ends of this process. */
    @Override
    public void close() {
        senders.forEach(MessageSender::close);
        pairs.forEach(ChannelPair::close);
    }
}
