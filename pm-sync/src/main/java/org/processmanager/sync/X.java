package org.processmanager.sync;
/** X. */
public final class X {
    private X() {}
}
