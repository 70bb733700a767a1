package org.processmanager.sync;

/** What opening a name is meant to do, said by the caller and never guessed. */
public enum OpenMode {
    /** Makes a new one; an existing one is an error. */
    CREATE_NEW,
    /** Opens what is there; a missing one is an error, and nothing is created. */
    OPEN_EXISTING,
    /** Opens what is there, or makes it; many may do so at once and all get the same one. */
    OPEN_OR_CREATE
}
