package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class StreamsTest {
    @Nested
    class Posix extends StreamsContract {}

    @Nested
    class Jdk extends StreamsContract {}
}
