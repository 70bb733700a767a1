package org.processmanager.ipc;

import java.util.List;
import org.processmanager.core.Inheritable;
import org.processmanager.sync.OpenMode;

/**
 * A way to carry messages, found by {@link java.util.ServiceLoader}. A program adds its own by naming a class in
 * {@code module-info} ({@code provides Transport with ...}) or {@code META-INF/services}. The class is public and has a public
 * constructor without parameters; a new object of it may be created each time a channel is opened. The schemes of this
 * library cannot be replaced.
 *
 * <p>In addition to the contracts of {@link MessageSender} and {@link MessageReceiver}, every transport guarantees:
 *
 * <ul>
 *   <li>An invalid endpoint, including an unknown option ({@link Endpoint#requireKnownOptions}), is an
 *       {@link IllegalArgumentException} before anything is changed.
 *   <li>A channel that cannot be opened is a {@link ChannelException}: {@link ChannelNotFoundException} if it does not exist,
 *       {@link ChannelBusyException} if all slots are taken. A file that is something else stays unchanged.
 *   <li>A transport that does not work on this platform throws {@link UnsupportedOperationException} from every method that
 *       opens or deletes, before anything is changed.
 *   <li>Closing removes everything that opening created, except a channel that is meant to outlive both ends.
 * </ul>
 */
public interface Transport {
    /**
     * Returns the scheme of the endpoints that this transport opens.
     *
     * @return the part before the colon, in lower case
     */
    String scheme();

    /**
     * Opens the sending end of a channel. Does not wait for a receiver.
     *
     * @param endpoint an endpoint of this scheme
     * @param mode whether the channel may or must exist
     * @return the sender
     */
    MessageSender openSender(Endpoint endpoint, OpenMode mode);

    /**
     * Opens the receiving end of a channel. Does not wait for a sender.
     *
     * @param endpoint an endpoint of this scheme
     * @param mode whether the channel may or must exist
     * @param delivery when a message counts as received
     * @return the receiver
     */
    MessageReceiver openReceiver(Endpoint endpoint, OpenMode mode, Delivery delivery);

    /**
     * Deletes a channel with the messages in it; see {@link Ipc#delete(String)}.
     *
     * @param endpoint an endpoint of this scheme
     * @return true if the channel existed and is now deleted
     * @throws UnsupportedOperationException if channels of this transport cannot be deleted, which is the default
     */
    default boolean delete(Endpoint endpoint) {
        throw new UnsupportedOperationException(
                "channels of scheme " + scheme() + " cannot be deleted (" + endpoint + "); close their ends");
    }

    /**
     * Reads the state of a channel without taking part in it; see {@link Ipc#inspect(String)}.
     *
     * @param endpoint an endpoint of this scheme
     * @return the state
     * @throws ChannelNotFoundException if there is no such channel
     * @throws UnsupportedOperationException if channels of this transport cannot be inspected, which is the default
     */
    default ChannelInspection inspect(Endpoint endpoint) {
        throw new UnsupportedOperationException(
                "channels of scheme " + scheme() + " cannot be inspected (" + endpoint + "); open an end of it");
    }

    /**
     * Reads the last messages of a channel without receiving them; see {@link Ipc#lastMessages}.
     *
     * @param endpoint an endpoint of this scheme
     * @param limit the largest number of messages of each lane, more than 0
     * @return the messages by lane, the oldest first
     * @throws ChannelNotFoundException if there is no such channel
     * @throws UnsupportedOperationException if this transport does not keep messages in a file, which is the default
     */
    default List<ChannelInspection.KeptMessage> lastMessages(Endpoint endpoint, int limit) {
        throw new UnsupportedOperationException(
                "channels of scheme " + scheme() + " keep no messages that can be read back (" + endpoint + ")");
    }

    /**
     * Returns the resource that a child process needs to open a channel: its file, if it has one. Neither opens nor creates
     * anything.
     *
     * @param endpoint an endpoint of this scheme
     * @return the argument for {@link org.processmanager.core.Command#pass}
     * @throws UnsupportedOperationException if channels of this transport cannot be passed, which is the default
     */
    default Inheritable forChild(Endpoint endpoint) {
        throw new UnsupportedOperationException("channels of scheme " + scheme() + " cannot be passed to a child ("
                + endpoint + "); give the child the endpoint as an argument");
    }

    /**
     * Creates a channel without a name; see {@link Ipc#pair(String)}.
     *
     * @param endpoint an endpoint of this scheme, with an empty target
     * @return its ends
     * @throws UnsupportedOperationException if this transport has no channels without a name, which is the default
     */
    default ChannelPair pair(Endpoint endpoint) {
        throw new UnsupportedOperationException("channels of scheme " + scheme() + " need a name (" + endpoint
                + "): open their ends by Ipc.sender and Ipc.receiver, or use Ipc.pair(\"pipe:\")");
    }
}
