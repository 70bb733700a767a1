package com.example.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path directory;

    @Test
    void run_returnsTheOutput() throws Exception {
        assertEquals("hello", Main.run());
    }

    @Test
    void isListed_findsTheProcess() throws Exception {
        assertTrue(Main.isListed());
    }

    @Test
    void count_startsAtOne() throws Exception {
        assertEquals(1, Main.count(directory.resolve("region")));
    }

    @Test
    void send_delivers() throws Exception {
        assertEquals("hello", Main.send("mapped:" + directory.resolve("channel")));
    }
}
