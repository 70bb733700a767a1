package org.processmanager.core.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;

/**
 * An event of a process, a thread, a supervisor, a message or a lock. Immutable; two events are equal if all their components
 * are.
 *
 * <p>New kinds may be added in later versions: a {@code switch} over them outside this library needs a default.
 */
public sealed interface ProcessEvent {
    /**
     * Returns when it happened.
     *
     * @return the time of the wall clock
     */
    Instant time();

    /**
     * Returns which process reported it.
     *
     * @return the pid of the process that created the event
     */
    long reporter();

    /**
     * A child process was started.
     *
     * @param time when it was spawned
     * @param reporter the process that started it
     * @param pid the child
     * @param name its name in this library
     * @param commandLine program and arguments, quoted for display
     */
    record ProcessStarted(Instant time, long reporter, long pid, String name, String commandLine)
            implements ProcessEvent {}

    /**
     * A child process could not be started.
     *
     * @param time when
     * @param reporter the process that tried
     * @param name its name in this library
     * @param commandLine program and arguments, quoted for display
     * @param reason why it failed
     */
    record LaunchFailed(Instant time, long reporter, String name, String commandLine, String reason)
            implements ProcessEvent {}

    /**
     * A child process has exited.
     *
     * @param time when it exited: its start plus the duration
     * @param reporter the process that started it
     * @param pid the child
     * @param name its name in this library
     * @param status its exit status
     * @param endReason why it ended
     * @param duration from launch to exit
     */
    record ProcessEnded(
            Instant time,
            long reporter,
            long pid,
            String name,
            ExitStatus status,
            EndReason endReason,
            Duration duration)
            implements ProcessEvent {}

    /**
     * A managed thread was started.
     *
     * @param time when
     * @param reporter the process it belongs to
     * @param name its name
     * @param virtual whether it is a virtual thread
     */
    record ThreadStarted(Instant time, long reporter, String name, boolean virtual) implements ProcessEvent {}

    /**
     * A managed thread has terminated.
     *
     * @param time when
     * @param reporter the process it belonged to
     * @param name its name
     * @param outcome why it terminated
     * @param failure what its task threw, as text; empty unless it failed
     * @param duration from start to termination
     */
    record ThreadEnded(
            Instant time,
            long reporter,
            String name,
            ThreadOutcome outcome,
            Optional<String> failure,
            Duration duration)
            implements ProcessEvent {}

    /**
     * The state of a supervised process or thread has changed.
     *
     * @param time when
     * @param reporter the process of the supervisor
     * @param child its name
     * @param state the new state
     * @param restarts how often it was started again until now
     * @param reason why, as text; empty where the state says it all
     */
    record ChildChanged(
            Instant time, long reporter, String child, ChildState state, int restarts, Optional<String> reason)
            implements ProcessEvent {}

    /**
     * A message was sent.
     *
     * @param time when
     * @param reporter the sender
     * @param endpoint its destination
     * @param bytes its length in bytes
     */
    record MessageSent(Instant time, long reporter, String endpoint, long bytes) implements ProcessEvent {}

    /**
     * A message was received.
     *
     * @param time when
     * @param reporter the receiver
     * @param endpoint its source
     * @param bytes its length in bytes
     */
    record MessageReceived(Instant time, long reporter, String endpoint, long bytes) implements ProcessEvent {}

    /**
     * Threads, also of several processes, wait for each other's locks in shared memory.
     *
     * @param time when they were found
     * @param reporter the process that found them
     * @param threads each waits for an object that the next one owns; the last one, for one of the first
     */
    record DeadlockFound(Instant time, long reporter, List<BlockedThread> threads) implements ProcessEvent {
        /**
         * Creates the event; the list is copied.
         *
         * @param time when they were found
         * @param reporter the process that found them
         * @param threads each waits for the next one
         */
        public DeadlockFound {
            threads = List.copyOf(threads);
        }
    }

    /**
     * A thread of a {@link DeadlockFound}.
     *
     * @param pid its process
     * @param process main class of its process
     * @param thread its id
     * @param name its name
     * @param region file of the region with the object that it waits for
     * @param object name of that object
     * @param stack its frames, the innermost first; empty if it belongs to another process than the reporter
     */
    record BlockedThread(
            long pid, String process, long thread, String name, String region, String object, List<String> stack) {
        /**
         * Creates the description; the list is copied.
         *
         * @param pid its process
         * @param process main class of its process
         * @param thread its id
         * @param name its name
         * @param region file of the region
         * @param object name of the object
         * @param stack its frames
         */
        public BlockedThread {
            stack = List.copyOf(stack);
        }
    }

    /**
     * A lock, semaphore or buffer in shared memory was acquired or released.
     *
     * @param time when
     * @param reporter the process that acquired or released it
     * @param region the file of the region
     * @param object the object's name
     * @param change what happened
     */
    record LockChanged(Instant time, long reporter, String region, String object, Change change)
            implements ProcessEvent {

        /** The change of a lock. */
        public enum Change {
            /** It was acquired. */
            ACQUIRED,
            /** It was released. */
            RELEASED,
            /** It was acquired after its owner had died. */
            OWNER_DIED
        }
    }
}
