package org.processmanager.sync.internal.region.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.layout.RegionLayout;

/** The exceptions that the native and the portable path share. */
public final class RegionErrors {
    private RegionErrors() {}

    public static RegionException notFound(Path path) {
        return new RegionException(
                Reason.NOT_FOUND,
                "cannot open region " + path + ": it does not exist; create it, or check the name and the user");
    }

    public static RegionException replaced(Path path) {
        return new RegionException(
                Reason.REPLACED,
                "region " + path + " is no longer at its path: its file was deleted or replaced by other means than"
                        + " this library, so opening the path now gives another region; close it and open it again");
    }

    /** Returns why the region of an open handle cannot be used: what its flags say, otherwise that it was replaced. */
    public static RegionException unusable(Path path, int flags) {
        if ((flags & RegionLayout.CLOSED_FOR_ALL) == 0) {
            return replaced(path);
        }
        boolean deleted = (flags & RegionLayout.DELETED) != 0;
        return new RegionException(
                deleted ? Reason.DELETED : Reason.POISONED,
                "region " + path + (deleted ? " was deleted" : " was closed for all, since its content was damaged")
                        + "; close this handle and open the region again");
    }

    public static RegionException alreadyExists(Path path) {
        return new RegionException(
                Reason.ALREADY_EXISTS, "cannot create region " + path + ": it exists already; open it or delete it");
    }

    public static RegionException notAFile(Path path, String type) {
        return new RegionException(
                Reason.NOT_A_REGION,
                "cannot open region " + path + ": it is a " + type + " (expected: a file); use another name");
    }

    static RegionException foreignOwner(Path path, int owner, int user) {
        return new RegionException(
                Reason.NOT_PERMITTED,
                "cannot open region " + path + ": it belongs to user " + owner + " (expected: " + user
                        + " or root); its owner could crash this process");
    }

    /** Returns the exception for a system call or an operation of the JDK that failed while a region was opened or used. */
    public static RegionException cannotOpen(Path path, Throwable cause) {
        return new RegionException(reason(cause), "cannot open region " + path + ": " + cause.getMessage(), cause);
    }

    static RegionException cannotUse(Path directory, IOException cause) {
        Reason reason = reason(cause);
        return new RegionException(
                reason,
                "cannot use directory " + directory + " for regions: " + cause
                        + (reason == Reason.NOT_PERMITTED ? "; open regions by paths that this user may write" : ""),
                cause);
    }

    /** Returns the exception for an operation of the JDK that failed while a region was deleted. */
    public static RegionException cannotDelete(Path path, Throwable cause) {
        return new RegionException(reason(cause), "cannot delete region " + path + ": " + cause.getMessage(), cause);
    }

    /** Returns the exception for a system call or an operation of the JDK that failed while a region was created. */
    public static RegionException cannotCreate(Path path, long size, Throwable cause) {
        Reason reason = reasonOfCreation(cause, path, size);
        String next =
                switch (reason) {
                    case NO_SPACE -> "; ask for less or make room";
                    case NOT_FOUND ->
                        isInFile(path)
                                ? "; a part of the path is a file, choose another one"
                                : "; create its directory first";
                    default -> "";
                };
        return new RegionException(
                reason, "cannot create region " + path + " of " + size + " bytes: " + cause.getMessage() + next, cause);
    }

    private static boolean isInFile(Path path) {
        Path directory = path.getParent();
        return directory != null && Files.exists(directory) && !Files.isDirectory(directory);
    }

    /** Returns the reason for a failed system call, or for a failed operation of the JDK, which has only a text for most errors. */
    private static Reason reason(Throwable cause) {
        if (cause instanceof PosixException e) {
            return reason(e);
        }
        if (cause instanceof UncheckedIOException e) {
            return reason(Objects.requireNonNull(e.getCause()));
        }
        return cause instanceof IOException e ? reason(e) : Reason.SYSTEM;
    }

    /** As {@link #reason}; in other languages the JDK has no message that says that the file system is full. */
    private static Reason reasonOfCreation(Throwable cause, Path path, long size) {
        Reason reason = reason(cause);
        return reason == Reason.SYSTEM && cause instanceof IOException && lacksSpace(path, size)
                ? Reason.NO_SPACE
                : reason;
    }

    private static boolean lacksSpace(Path path, long size) {
        try {
            return Files.getFileStore(path.resolveSibling(".")).getUsableSpace() < size;
        } catch (IOException e) {
            return false;
        }
    }

    private static Reason reason(PosixException e) {
        if (e.isPassing()) {
            return Reason.RESOURCES_EXHAUSTED;
        }
        if (e.is(Errno.ENOSPC) || e.is(Errno.EFBIG) || e.is(Errno.EDQUOT)) {
            return Reason.NO_SPACE;
        }
        if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
            return Reason.NOT_FOUND;
        }
        return e.is(Errno.EACCES) || e.is(Errno.EROFS) || e.is(Errno.EPERM) ? Reason.NOT_PERMITTED : Reason.SYSTEM;
    }

    private static Reason reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return Reason.NOT_PERMITTED;
        }
        if (e instanceof NoSuchFileException) {
            return Reason.NOT_FOUND;
        }
        String text = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return switch (text == null ? "" : text) {
            case "Read-only file system", "Operation not permitted" -> Reason.NOT_PERMITTED;
            case "Too many open files", "Too many open files in system", "Cannot allocate memory", "Map failed" ->
                Reason.RESOURCES_EXHAUSTED;
            case "No space left on device", "File too large", "Disk quota exceeded" -> Reason.NO_SPACE;
            case "Not a directory" -> Reason.NOT_FOUND;
            default -> Reason.SYSTEM;
        };
    }
}
