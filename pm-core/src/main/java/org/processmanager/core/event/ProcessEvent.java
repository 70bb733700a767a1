package org.processmanager.core.event;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.EndReason;
import org.processmanager.core.ExitStatus;

/**
 * Something that happened to a process, a thread, a message or a lock. Values; equal if all their parts are.
 *
 * <p>New kinds may be added in later versions: a {@code switch} over them outside this library wants a default.
 */
public sealed interface ProcessEvent {
    /**
     * When it happened.
     *
     * @return the time of the wall clock
     */
    Instant time();

    /**
     * Who tells of it.
     *
     * @return the number of the process in which the event was made
     */
    long reporter();

    /**
     * A child process was started.
     *
     * @param time when
     * @param reporter the process that started it
     * @param pid the child
     * @param name its name in this library
     * @param commandLine program and arguments, for people
     */
    record ProcessStarted(Instant time, long reporter, long pid, String name, String commandLine)
            implements ProcessEvent {}

    /**
     * A child process could not be started.
     *
     * @param time when
     * @param reporter the process that tried
     * @param name its name in this library
     * @param commandLine program and arguments, for people
     * @param reason why not
     */
    record LaunchFailed(Instant time, long reporter, String name, String commandLine, String reason)
            implements ProcessEvent {}

    /**
     * A child process has ended.
     *
     * @param time when
     * @param reporter the process that started it
     * @param pid the child
     * @param name its name in this library
     * @param status how it ended
     * @param cause why it ended
     * @param duration from its start to its end
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
     * @param virtual whether it is a virtual thread of the JVM
     */
    record ThreadStarted(Instant time, long reporter, String name, boolean virtual) implements ProcessEvent {}

    /**
     * A managed thread has ended.
     *
     * @param time when
     * @param reporter the process it belonged to
     * @param name its name
     * @param outcome why it ended
     * @param failure what its task threw, for people, or null
     * @param duration from its start to its end
     */
    record ThreadEnded(
            Instant time,
            long reporter,
            String name,
            ThreadOutcome outcome,
            @Nullable String failure,
            Duration duration)
            implements ProcessEvent {}

    /**
     * A message was sent.
     *
     * @param time when
     * @param reporter the sender
     * @param endpoint where to
     * @param bytes its length
     */
    record MessageSent(Instant time, long reporter, String endpoint, long bytes) implements ProcessEvent {}

    /**
     * A message was received.
     *
     * @param time when
     * @param reporter the receiver
     * @param endpoint where from
     * @param bytes its length
     */
    record MessageReceived(Instant time, long reporter, String endpoint, long bytes) implements ProcessEvent {}

    /**
     * A lock, semaphore or buffer in shared memory changed hands.
     *
     * @param time when
     * @param reporter who took or gave it
     * @param region the file of the region
     * @param object the object's name
     * @param change what happened
     */
    record LockChanged(Instant time, long reporter, String region, String object, Change change)
            implements ProcessEvent {

        /** What happened to a lock. */
        public enum Change {
            /** It was taken. */
            ACQUIRED,
            /** It was given back. */
            RELEASED,
            /** It was taken from an owner that had died with it. */
            OWNER_DIED
        }
    }
}
