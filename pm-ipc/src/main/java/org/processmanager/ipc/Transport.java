package org.processmanager.ipc;

import org.processmanager.core.Inheritable;
import org.processmanager.sync.OpenMode;

/**
 * A way to carry messages, found by {@link java.util.ServiceLoader}: a program brings its own by naming a class of its own
 * in {@code module-info} ({@code provides Transport with ...}) or {@code META-INF/services}. The class is public and has a
 * public constructor without parameters; an object of it is made whenever a channel is opened.
 *
 * <p>What every transport keeps, beside the contracts of {@link MessageSender} and {@link MessageReceiver}:
 *
 * <ul>
 *   <li>Whatever is wrong with an endpoint, unknown options included ({@link Endpoint#requireKnownOptions}), is an
 *       {@link IllegalArgumentException} before anything was touched.
 *   <li>What cannot be opened is a {@link ChannelException}: {@link ChannelNotFoundException} where there is nothing to open,
 *       {@link ChannelBusyException} where all places are taken. A file that is something else stays as it is.
 *   <li>A transport that does not work on this platform says so by {@link UnsupportedOperationException} from both methods,
 *       before anything was touched.
 *   <li>Closing leaves nothing behind that opening made, except for a channel that is meant to outlive both ends.
 * </ul>
 */
public interface Transport {
    /**
     * The scheme of the endpoints that this transport opens.
     *
     * @return the word before the colon, in lower case
     */
    String scheme();

    /**
     * Opens the sending end of a channel. It does not wait for a receiver.
     *
     * @param endpoint an endpoint of this scheme
     * @param mode whether the channel may or must exist
     * @return the sender
     */
    MessageSender openSender(Endpoint endpoint, OpenMode mode);

    /**
     * Opens the receiving end of a channel. It does not wait for a sender.
     *
     * @param endpoint an endpoint of this scheme
     * @param mode whether the channel may or must exist
     * @param delivery when a message counts as received
     * @return the receiver
     */
    MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery);

    /**
     * What a child is given that shall open a channel: its file, if it has one. Opens nothing and makes nothing.
     *
     * @param endpoint an endpoint of this scheme
     * @return for {@link org.processmanager.core.Command#pass}
     * @throws UnsupportedOperationException if channels of this transport cannot be handed over: the ordinary answer
     */
    default Inheritable forChild(Endpoint endpoint) {
        throw new UnsupportedOperationException("channels of scheme " + scheme() + " cannot be handed over (" + endpoint
                + "); tell the child the endpoint");
    }
}
