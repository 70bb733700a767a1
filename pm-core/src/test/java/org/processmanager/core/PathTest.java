package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class PathTest {
    @Nested
    class Posix extends PathContract {}

    @Nested
    class Jdk extends PathContract {}
}
