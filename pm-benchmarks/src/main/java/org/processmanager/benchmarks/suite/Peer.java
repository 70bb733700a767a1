package org.processmanager.benchmarks.suite;

/** A peer that is a library: its directory under {@code peers} and the flags that its documentation requires. */
enum Peer {
    NUPROCESS("nuprocess"),
    ZT_EXEC("zt-exec"),
    COMMONS_EXEC("commons-exec"),
    AGRONA("agrona", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"),
    AERON("aeron", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"),
    CHRONICLE(
            "chronicle-queue",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-Dchronicle.analytics.disable=true", // otherwise it reports its use over the network
            "-Dchronicle.announcer.disable=true"),
    JCTOOLS("jctools"),
    DISRUPTOR("disruptor"),
    JEROMQ("jeromq"),
    OSHI("oshi");

    private final String directory;
    private final String[] flags;

    Peer(String directory, String... flags) {
        this.directory = directory;
        this.flags = flags;
    }

    String directory() {
        return directory;
    }

    String[] flags() {
        return flags.clone();
    }
}
