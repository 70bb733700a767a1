package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class StreamFormsTest {
    @Nested
    class Posix extends StreamFormsContract {}

    @Nested
    class Jdk extends StreamFormsContract {}
}
