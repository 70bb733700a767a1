package org.processmanager.core;
/** X. */
public final class X {
    private X() {}
}
