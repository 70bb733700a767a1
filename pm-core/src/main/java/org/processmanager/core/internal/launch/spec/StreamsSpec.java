package org.processmanager.core.internal.launch.spec;

import java.nio.charset.Charset;

/**
 * Where the standard streams of a program come from and go to.
 *
 * @param stdin what it reads
 * @param stdout what becomes of its output
 * @param stderr what becomes of its errors
 * @param charset of text, where a stream has none of its own
 */
public record StreamsSpec(InputSpec stdin, OutputSpec stdout, OutputSpec stderr, Charset charset) {
    /** Whether one is the JVM's own. */
    boolean inherits() {
        return stdin instanceof InputSpec.Inherit
                || stdout instanceof OutputSpec.Inherit
                || stderr instanceof OutputSpec.Inherit;
    }
}
