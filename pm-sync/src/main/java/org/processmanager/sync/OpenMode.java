package org.processmanager.sync;

/** Whether opening a name may create, must create, or must not create it. */
public enum OpenMode {
    /** Creates a new one; fails if it exists. */
    CREATE_NEW,
    /** Opens an existing one; fails if it does not exist. */
    OPEN_EXISTING,
    /** Opens an existing one, or creates it; several processes that do so at the same time get the same one. */
    OPEN_OR_CREATE
}
