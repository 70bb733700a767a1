package org.processmanager.ipc.internal.channel;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelExistsException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.internal.DescriptorPath;
import org.processmanager.ipc.internal.SystemFailure;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.object.RegionObject;

/**
 * Opens and deletes the region of a channel. Each form of the mapped channel is one object of its own type; all have the same
 * name, so that a region has one of them.
 */
public final class ChannelRegion {
    /** The name of the object in its region. */
    public static final String OBJECT = "channel";

    private static final int OPEN_ATTEMPTS = 64;

    private ChannelRegion() {}

    /** Uses the region of a channel. */
    public interface Opening<C> {
        /**
         * Finds or creates the channel.
         *
         * @param region closed if this throws
         * @param isNew whether the region has no object yet
         * @throws RegionException if it cannot be created
         */
        C open(Region region, boolean isNew);
    }

    /**
     * Opens or creates a channel.
     *
     * @param bytes size of the file if it is created; an existing one is accepted with its size
     */
    public static <C> C open(Endpoint endpoint, Path path, OpenMode mode, long bytes, Opening<C> opening) {
        for (int attempt = 1; ; attempt++) {
            try {
                return tryOpen(endpoint, path, mode, bytes, opening);
            } catch (RegionException e) {
                if (isGone(e) && mode == OpenMode.OPEN_OR_CREATE && attempt < OPEN_ATTEMPTS) {
                    continue; // deleted while it was opened
                }
                throw cannotOpen(endpoint, mode, e);
            }
        }
    }

    private static <C> C tryOpen(Endpoint endpoint, Path path, OpenMode mode, long bytes, Opening<C> opening) {
        Region region = openRegion(path, mode, bytes);
        boolean done = false;
        try {
            boolean isNew = !region.objects().any();
            if (isNew && mode == OpenMode.OPEN_EXISTING) {
                throw new ChannelNotFoundException("cannot open " + endpoint
                        + ": its creator has not finished, or died before; retry, or create it");
            }
            C channel = opening.open(region, isNew);
            done = true;
            return channel;
        } finally {
            if (!done) {
                region.close();
            }
        }
    }

    private static ChannelException cannotOpen(Endpoint endpoint, OpenMode mode, RegionException e) {
        String message = "cannot open " + endpoint + ": " + e.getMessage();
        if (isMissing(e) && mode == OpenMode.OPEN_EXISTING) {
            return new ChannelNotFoundException(message);
        }
        if (e.reason() == Reason.ALREADY_EXISTS) {
            return new ChannelExistsException(message);
        }
        if (e.reason() == Reason.FULL) {
            return new ChannelBusyException(message, 0);
        }
        return SystemFailure.of(message, e);
    }

    /** Opens a region by the name of its file, or by a descriptor of this process, which stays open. */
    private static Region openExisting(Path path) {
        OptionalInt descriptor = DescriptorPath.descriptor(path.toString());
        return descriptor.isPresent()
                ? Region.ofDescriptor(descriptor.getAsInt())
                : Region.open(path, OpenMode.OPEN_EXISTING, 0);
    }

    private static Region openRegion(Path path, OpenMode mode, long bytes) {
        if (mode != OpenMode.OPEN_OR_CREATE) {
            return mode == OpenMode.OPEN_EXISTING ? openExisting(path) : Region.open(path, mode, bytes);
        }
        RegionException last = null;
        for (int i = 0; i < OPEN_ATTEMPTS; i++) {
            try {
                return openExisting(path);
            } catch (RegionException e) {
                if (!isMissing(e)) {
                    throw e;
                }
            }
            try {
                return Region.open(path, OpenMode.CREATE_NEW, bytes);
            } catch (RegionException e) {
                if (e.reason() != Reason.ALREADY_EXISTS) {
                    throw e;
                }
                last = e;
            }
        }
        throw new RegionException(
                Reason.BUSY,
                path + " was created and deleted by other processes " + OPEN_ATTEMPTS + " times meanwhile",
                last);
    }

    /**
     * Returns the channel of a region that has an object.
     *
     * @throws ChannelException if the region has other objects only
     */
    public static RegionObject find(Endpoint endpoint, Region region, ObjectType type) {
        RegionObject found = region.objects().find(OBJECT, type);
        if (found == null) {
            throw otherContent("open", endpoint, region);
        }
        return found;
    }

    /**
     * Deletes a channel; returns whether there was one.
     *
     * @param types the types of a channel
     */
    public static boolean delete(Endpoint endpoint, Path path, List<ObjectType> types) {
        try (Region region = Region.open(path, OpenMode.OPEN_EXISTING, 0)) {
            if (region.objects().any() && findAny(region, types) == null) {
                throw otherContent("delete", endpoint, region);
            }
            region.delete();
            return true;
        } catch (RegionException e) {
            if (isMissing(e)) {
                return false;
            }
            throw SystemFailure.of("cannot delete " + endpoint + ": " + e.getMessage(), e);
        } catch (PosixException e) {
            throw SystemFailure.of("cannot delete " + endpoint, e);
        }
    }

    /** Returns the type of a channel, or null if it does not exist or is none of these. */
    public static @Nullable ObjectType typeOf(Path path, List<ObjectType> types) {
        try (Region region = openExisting(path)) {
            return findAny(region, types);
        } catch (RegionException e) {
            return null; // opening it reports why
        }
    }

    private static @Nullable ObjectType findAny(Region region, List<ObjectType> types) {
        for (ObjectType type : types) {
            try {
                if (region.objects().find(OBJECT, type) != null) {
                    return type;
                }
            } catch (RegionException e) {
                if (e.reason() != Reason.TYPE_MISMATCH) {
                    throw e;
                }
            }
        }
        return null;
    }

    /** Returns whether a region was deleted or its file replaced, so that no other process will open it. */
    public static boolean isDeleted(Region region) {
        // The first read orders the second, which is cheaper than one that orders itself: every offer does this.
        return region.isUnusable() || (RegionLayout.flagsPlain(region.memory()) & RegionLayout.CLOSED_FOR_ALL) != 0;
    }

    private static boolean isGone(RegionException e) {
        return e.reason() == Reason.DELETED || e.reason() == Reason.REPLACED;
    }

    private static boolean isMissing(RegionException e) {
        return e.reason() == Reason.NOT_FOUND || e.reason() == Reason.DELETED;
    }

    private static ChannelException otherContent(String verb, Endpoint endpoint, Region region) {
        return new ChannelException("cannot " + verb + " " + endpoint + ": region " + region.path()
                + " holds other objects and no channel; choose another name");
    }
}
