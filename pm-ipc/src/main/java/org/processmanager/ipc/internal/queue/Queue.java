package org.processmanager.ipc.internal.queue;

import java.nio.file.Path;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.Delivery;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.internal.channel.ChannelFile;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.object.ObjectType;

/** The queue form of the mapped channel. */
public final class Queue {
    /** The value of the option that selects it. */
    public static final String MODE = "queue";

    /** The type of its object. */
    public static final ObjectType TYPE = QueueLayout.TYPE;

    private Queue() {}

    /**
     * Checks the options of an endpoint.
     *
     * @param mode the name of the option that selects the form
     * @throws IllegalArgumentException naming the option that is wrong
     */
    public static void checkOptions(Endpoint endpoint, String mode) {
        QueueOptions.of(endpoint, mode);
    }

    /** Opens a sender. */
    public static MessageSender openSender(Endpoint endpoint, Path path, OpenMode mode, String option) {
        QueueOptions options = QueueOptions.of(endpoint, option);
        return QueueSender.open(QueueChannel.open(endpoint, path, mode, options, QueueLayout.SENDER));
    }

    /** Opens a receiver. */
    public static MessageReceiver openReceiver(
            Endpoint endpoint, Path path, OpenMode mode, String option, Delivery delivery) {
        QueueOptions options = QueueOptions.of(endpoint, option);
        return QueueReceiver.open(QueueChannel.open(endpoint, path, mode, options, QueueLayout.RECEIVER), delivery);
    }

    /** Reads the state of a channel. */
    public static ChannelInspection inspect(ChannelFile file) {
        return QueueInspector.inspect(file);
    }
}
