package org.processmanager.benchmarks.runner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Parses the thread dumps that JVMs print on SIGQUIT, to report the methods in which the working threads of a fork
 * are.
 */
final class ThreadDumpParser {
    private static final Pattern THREAD = Pattern.compile("\"(main|worker [0-9]+)\" .*");
    private static final Pattern FRAME =
            Pattern.compile("\\s+at (?:[\\w.$]+/)?([\\w.$/]+)\\.([^.]+)\\.([^.(]+)\\((.*)\\)");
    private static final Pattern OF_THE_JDK = Pattern.compile("(java|javax|jdk|sun)\\..*");
    private static final String END_OF_THREADS = "JNI global ref";
    private static final int CALLERS = 3; // frames outside the JDK

    private final Map<String, List<String>> threads = new LinkedHashMap<>();
    private String thread = ""; // whose frames are being read
    private String top = "";

    /** Reads a line and returns whether it is the last one about threads. */
    synchronized boolean read(String line) {
        Matcher start = THREAD.matcher(line);
        Matcher frame = FRAME.matcher(line);
        if (start.matches()) {
            thread = start.group(1);
            top = "";
        } else if (line.isBlank()) {
            thread = "";
        } else if (!thread.isEmpty() && frame.matches()) {
            add(frame);
        }
        return line.startsWith(END_OF_THREADS);
    }

    private void add(Matcher frame) {
        String method = frame.group(2) + "." + frame.group(3);
        boolean ofTheJdk = OF_THE_JDK.matcher(frame.group(1)).matches();
        if (ofTheJdk) {
            top = top.isEmpty() ? method : top;
            return;
        }
        List<String> frames = threads.computeIfAbsent(thread, any -> new ArrayList<>());
        if (frames.isEmpty() && !top.isEmpty()) {
            frames.add(top);
        }
        if (frames.size() < CALLERS + 1) {
            frames.add(method);
        }
    }

    /** Returns a line for the report; empty if no JVM printed a dump. */
    @Override
    public synchronized String toString() {
        return threads.entrySet().stream()
                .map(each -> each.getKey() + " in " + String.join(", from ", each.getValue()))
                .collect(Collectors.joining("; "));
    }
}
