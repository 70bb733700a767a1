package org.processmanager.sync;

import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;

/**
 * A region, or an object in one, cannot be opened or created. The file is untouched, and nothing is left behind. The
 * message names the file, what was found, what was expected, and what to do; {@link #reason()} is for programs.
 */
public final class RegionException extends ProcessManagerException {
    private static final long serialVersionUID = 1L;

    /** Why, as far as a caller can act on it. */
    public enum Reason {
        /** There is no such region, or its folder is missing. */
        NOT_FOUND,
        /** {@link OpenMode#CREATE_NEW} met an existing one. */
        ALREADY_EXISTS,
        /** The path names something that is no region: another kind of file, or other content. */
        NOT_A_REGION,
        /** A region or object of another version of this library, or of a machine with another byte order. */
        INCOMPATIBLE_LAYOUT,
        /** It was a region, but its content contradicts itself. */
        CORRUPT,
        /** The file or its folder belongs to somebody else, or others may enter the folder, or access is denied. */
        NOT_PERMITTED,
        /** The existing region is smaller than asked for. */
        TOO_SMALL,
        /** The file system has no room, or a limit of this process forbids a file of that size. */
        NO_SPACE,
        /** All participant slots are taken by living processes, or the region has no room for the object. */
        FULL,
        /** The name belongs to an object of another kind or shape. */
        TYPE_MISMATCH,
        /** The region was deleted. */
        DELETED,
        /** The object was removed by its name. */
        REMOVED,
        /** Its file was deleted or replaced while it was open, by other means than this library. */
        REPLACED,
        /** The path lies on a file system that several machines may share. */
        NETWORK_FILE_SYSTEM,
        /** Somebody found the region's content damaged and closed it for all. */
        POISONED,
        /** Others create and delete it all the time, or one of them does not let go of its creation lock. */
        BUSY,
        /** The operating system failed in another way; the cause says how. */
        SYSTEM
    }

    /** For programs. */
    private final Reason reason;

    /**
     * Makes an exception without a cause.
     *
     * @param reason why, for programs
     * @param message what failed, on what, the values, what to do next
     */
    public RegionException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param reason why, for programs
     * @param message what failed, on what, the values, what to do next
     * @param cause what was behind it, or null
     */
    public RegionException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why the region or object cannot be opened or created.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
