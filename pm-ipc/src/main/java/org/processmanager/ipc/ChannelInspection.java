package org.processmanager.ipc;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.ipc.ChannelSnapshot.Role;

/**
 * The state of a channel, read without taking part in it; see {@link Ipc#inspect(String)}. Values of a channel in use may be
 * from slightly different moments.
 *
 * @param endpoint the channel that was inspected
 * @param file its file
 * @param ends the senders and receivers, and those that died and have not been replaced
 * @param lanes the ring buffers; none of a queue
 * @param queuedMessages how many messages a queue has; 0 of the other forms
 * @param damagedAt the position of damage that an end has found, or that is seen now in a lane
 */
public record ChannelInspection(
        Endpoint endpoint, Path file, List<End> ends, List<Lane> lanes, long queuedMessages, OptionalLong damagedAt) {
    /**
     * A sender or receiver.
     *
     * @param role which of both
     * @param pid the process id, as seen in its own process namespace
     * @param process the name of the process
     * @param since when it joined
     * @param alive whether the process is alive
     * @param waiting whether it sleeps until the other end wakes it
     * @param lane the number of the lane that it writes to; -1 for a receiver, which reads all lanes
     * @param lagBytes for a receiver how many bytes it has yet to receive, for a sender 0
     * @param note what else is known, as {@code dropOldest, missed 12}; mostly empty
     * @param claim the open claim of a living sender, which blocks its lane
     */
    public record End(
            Role role,
            long pid,
            String process,
            Instant since,
            boolean alive,
            boolean waiting,
            int lane,
            long lagBytes,
            String note,
            Optional<OpenClaim> claim) {}

    /**
     * A ring buffer from one sender. Positions count bytes from the first one ever written, including what the channel adds to
     * each message.
     *
     * @param number from 0
     * @param capacityBytes its size
     * @param written the end of the messages that were sent
     * @param taken the end of the messages that were received; of a broadcast by all its living receivers
     * @param released the end of the messages that may be overwritten
     * @param sendersSoFar how many senders it has had
     */
    public record Lane(int number, long capacityBytes, long written, long taken, long released, long sendersSoFar) {
        /**
         * Returns how many bytes were sent and not received.
         *
         * @return the bytes, 0 or more
         */
        public long backlogBytes() {
            return Math.max(0, written - taken);
        }
    }

    /**
     * A message that is still in the channel, received or not; see {@link Ipc#lastMessages}.
     *
     * @param lane the number of its lane
     * @param position where it begins in the lane
     * @param received whether it was received
     * @param bytes its content, or the part of it that is left of a message longer than the lane; may be that of other messages
     *     if the channel is in use
     * @param offset where the content begins in the message; 0 unless its beginning was overwritten
     * @param messageBytes the length of the message
     */
    public record KeptMessage(int lane, long position, boolean received, byte[] bytes, int offset, int messageBytes) {
        /**
         * Creates a message that is there as a whole.
         *
         * @param lane the number of its lane
         * @param position where it begins in the lane
         * @param received whether it was received
         * @param bytes its content
         */
        public KeptMessage(int lane, long position, boolean received, byte[] bytes) {
            this(lane, position, received, bytes, 0, bytes.length);
        }
    }

    /**
     * Creates an inspection; the lists are copied.
     *
     * @param endpoint the channel
     * @param file its file
     * @param ends the senders and receivers
     * @param lanes the ring buffers
     * @param queuedMessages how many messages a queue has
     * @param damagedAt the position of damage
     */
    public ChannelInspection {
        ends = List.copyOf(ends);
        lanes = List.copyOf(lanes);
    }

    /**
     * Returns how many bytes were sent and not received, over all lanes; not of a queue.
     *
     * @return the bytes, 0 or more
     */
    public long backlogBytes() {
        return lanes.stream().mapToLong(Lane::backlogBytes).sum();
    }
}
