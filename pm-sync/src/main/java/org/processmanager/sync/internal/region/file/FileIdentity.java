package org.processmanager.sync.internal.region.file;

import java.nio.file.Path;

/** Recognizes the file of a region, also after the file was closed. */
public interface FileIdentity {
    /** Returns whether the path names this file; true also if that cannot be determined. */
    boolean matches(Path path);
}
