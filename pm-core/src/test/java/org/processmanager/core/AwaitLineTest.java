package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class AwaitLineTest {
    @Nested
    class Posix extends AwaitLineContract {}

    @Nested
    class Jdk extends AwaitLineContract {}
}
