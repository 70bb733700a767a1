package org.processmanager.core.internal.launch.spec;

import java.nio.charset.Charset;

/** The charset that programs of this system use, which may differ from the default of this JVM. */
final class SystemCharset {
    static final Charset VALUE = find();

    private SystemCharset() {}

    private static Charset find() {
        String name = System.getProperty("native.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }
}
