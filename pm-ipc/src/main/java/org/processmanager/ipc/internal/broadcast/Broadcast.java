package org.processmanager.ipc.internal.broadcast;

import java.nio.file.Path;
import java.util.List;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.ChannelInspection.KeptMessage;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.internal.channel.ChannelFile;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.object.ObjectType;

/** The broadcast form of the mapped channel. */
public final class Broadcast {
    /** The value of the option that selects it. */
    public static final String MODE = "broadcast";

    /** The type of its object. */
    public static final ObjectType TYPE = BroadcastLayout.TYPE;

    private Broadcast() {}

    /**
     * Checks the options of an endpoint.
     *
     * @param mode the name of the option that selects the form
     * @throws IllegalArgumentException naming the option that is wrong
     */
    public static void checkOptions(Endpoint endpoint, String mode) {
        BroadcastOptions.of(endpoint, mode);
    }

    /** Opens the sender. */
    public static MessageSender openSender(Endpoint endpoint, Path path, OpenMode mode, String option) {
        return BroadcastSender.open(BroadcastChannel.open(endpoint, path, mode, BroadcastOptions.of(endpoint, option)));
    }

    /** Opens a receiver. */
    public static MessageReceiver openReceiver(
            Endpoint endpoint, Path path, OpenMode mode, String option, Delivery delivery) {
        BroadcastOptions options = BroadcastOptions.of(endpoint, option);
        return BroadcastReceiver.open(BroadcastChannel.open(endpoint, path, mode, options), options, delivery);
    }

    /** Reads the state of a channel. */
    public static ChannelInspection inspect(ChannelFile file) {
        return new BroadcastInspector(file).inspection();
    }

    /** Reads the last messages, the oldest first. */
    public static List<KeptMessage> lastMessages(ChannelFile file, int limit) {
        return new BroadcastInspector(file).lastMessages(limit);
    }
}
