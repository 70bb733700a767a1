package org.processmanager.sync.internal.region;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.file.RegionErrors;
import org.processmanager.sync.internal.region.file.RegionFile;
import org.processmanager.sync.internal.region.layout.RegionHeader;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.lock.LockBytes;
import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.RegionObject;

/** A region from which one thread reads several times, from an open handle or from the file. */
abstract class RegionReading implements AutoCloseable {
    abstract Path path();

    abstract RegionHeader header();

    /** Returns whether no live participant has a slot. */
    abstract IntPredicate isAbsent();

    /** Reads the tables as they are now, and what they refer to. */
    abstract <T> T read(Function<ByteBuffer, T> tables);

    abstract ObjectHandler.Bytes bytes(RegionObject object);

    @Override
    public abstract void close();

    /** From the memory of a handle. */
    static final class OfHandle extends RegionReading {
        private final Region region;

        OfHandle(Region region) {
            this.region = region;
        }

        @Override
        Path path() {
            return region.path();
        }

        @Override
        RegionHeader header() {
            return region.header();
        }

        @Override
        IntPredicate isAbsent() {
            return region.participants().absent();
        }

        /** Discards what was read if the handle was closed meanwhile, since closing makes all words 0. */
        @Override
        <T> T read(Function<ByteBuffer, T> tables) {
            region.checkUsable();
            T read;
            try {
                read = tables.apply(region.memory());
            } catch (RegionException | IllegalStateException e) {
                region.checkOpen();
                throw e;
            }
            region.checkUsable();
            return read;
        }

        @Override
        ObjectHandler.Bytes bytes(RegionObject object) {
            return (position, bytes) ->
                    region.memory().slice(object.offset() + position, bytes).order(ByteOrder.nativeOrder());
        }

        @Override
        public void close() {
            // the handle is its owner's
        }
    }

    /** From the file, whose tables are copied each time. */
    static final class OfFile extends RegionReading {
        private final Path path;
        private final RegionFile file;
        private final RegionHeader header;
        private final LockBytes locks;

        OfFile(Path path) {
            this.path = path;
            RegionFile opened = RegionFile.openForReading(path);
            if (opened == null) {
                throw RegionErrors.notFound(path);
            }
            file = opened;
            boolean done = false;
            try {
                header = RegionHeader.decode(path, file.read(0, RegionLayout.HEADER_BYTES), file.size());
                locks = file.openLocksForReading();
                done = true;
            } catch (PosixException | UncheckedIOException e) {
                throw RegionErrors.cannotOpen(path, e);
            } finally {
                if (!done) {
                    file.close();
                }
            }
        }

        @Override
        Path path() {
            return path;
        }

        @Override
        RegionHeader header() {
            return header;
        }

        @Override
        IntPredicate isAbsent() {
            return slot -> !locks.isLocked(LockBytes.alive(slot));
        }

        /** Repeats if the tables look damaged, as they may change while they are copied. */
        @Override
        <T> T read(Function<ByteBuffer, T> tables) {
            try {
                for (int attempt = 1; ; attempt++) {
                    try {
                        return tables.apply(RegionInspector.copy(file, 0, header.objectsOffset()));
                    } catch (RegionException e) {
                        if (e.reason() != Reason.CORRUPT || attempt == RegionInspector.ATTEMPTS) {
                            throw e;
                        }
                    }
                }
            } catch (PosixException | UncheckedIOException e) {
                throw RegionErrors.cannotOpen(path, e);
            }
        }

        @Override
        ObjectHandler.Bytes bytes(RegionObject object) {
            return new RegionInspector.Window(file, object.offset());
        }

        @Override
        public void close() {
            locks.close();
            file.close();
        }
    }
}
