package org.processmanager.sync;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;

/**
 * A region, or an object in one, cannot be opened, created or used. A failed opening or creation leaves the file unchanged and
 * nothing behind. The message names the file, what was found, what was expected, and what to do; {@link #reason()} is for
 * programs.
 */
public final class RegionException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /** Why a region or object cannot be opened, created or used. */
    public enum Reason {
        /** The region, or its directory, does not exist. */
        NOT_FOUND,
        /** The region to be created exists already. */
        ALREADY_EXISTS,
        /** The path names something else: another type of file, or other content. */
        NOT_A_REGION,
        /** A region or object of another version of this library, or with another byte order. */
        INCOMPATIBLE_LAYOUT,
        /** The content of the region contradicts itself. */
        CORRUPT,
        /**
         * The file or its directory belongs to another user, or others may enter the directory, or access is denied, also by a
         * file system that is mounted read-only.
         */
        NOT_PERMITTED,
        /** The existing region is smaller than requested. */
        TOO_SMALL,
        /** The file system is full, or a limit of this process forbids a file of that size. */
        NO_SPACE,
        /** All participant slots are taken by live processes, or the region has no room for the object. */
        FULL,
        /** The name belongs to an object of another type or shape. */
        TYPE_MISMATCH,
        /** The region was deleted, before or while it was used. */
        DELETED,
        /** The object was removed from the region. */
        REMOVED,
        /** The file was deleted or replaced while it was open, by other means than this library. */
        REPLACED,
        /** The path is on a file system that several machines may share. */
        NETWORK_FILE_SYSTEM,
        /** The region was closed for all because its content was found damaged. */
        POISONED,
        /**
         * A limit of this process or of the system is reached for now: open files, memory, mappings. The same call may succeed
         * later.
         */
        RESOURCES_EXHAUSTED,
        /** The region is created and deleted again and again, or a process does not release its creation lock. */
        BUSY,
        /** The operating system failed in another way; see the cause. */
        SYSTEM
    }

    /** For programs. */
    private final Reason reason;

    /**
     * Creates an exception without a cause.
     *
     * @param reason why, for programs
     * @param message what failed, on what, the values, what to do next
     */
    public RegionException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param reason why, for programs
     * @param message what failed, on what, the values, what to do next
     * @param cause the cause, or null
     */
    public RegionException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Returns why the region or object cannot be opened, created or used.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
