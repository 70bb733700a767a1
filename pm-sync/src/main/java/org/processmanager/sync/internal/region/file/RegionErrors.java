package org.processmanager.sync.internal.region.file;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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

    public static RegionException cannotOpen(Path path, Reason reason, Throwable cause) {
        return new RegionException(reason, "cannot open region " + path + ": " + cause.getMessage(), cause);
    }

    static RegionException cannotCreate(Path path, long size, Reason reason, @Nullable Throwable cause) {
        String next =
                switch (reason) {
                    case NO_SPACE -> "; ask for less or make room";
                    case NOT_FOUND -> "; create its directory first";
                    default -> "";
                };
        return new RegionException(
                reason,
                "cannot create region " + path + " of " + size + " bytes: " + (cause == null ? "" : cause.getMessage())
                        + next,
                cause);
    }
}
