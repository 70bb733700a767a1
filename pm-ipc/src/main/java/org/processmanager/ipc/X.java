package org.processmanager.ipc;
/** X. */
public final class X {
    private X() {}
}
