package org.processmanager.examples.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;

/** What {@code pm run --json} answers. */
final class RunAnswer {
    private RunAnswer() {}

    /** The outcome; without a result nothing was started. */
    static void write(PrintStream out, @Nullable ProcessResult result, @Nullable StopReport report, String cause) {
        Json json = new Json(out).beginObject();
        json.name("pid").number(result == null ? null : result.pid());
        status(json.name("status").beginObject(), result).end();
        json.field("cause", cause);
        json.field("durationMillis", result == null ? 0 : result.duration().toMillis());
        json.field("stdout", result == null ? "" : result.stdoutText());
        json.field("stderr", result == null ? "" : result.stderrText());
        json.field("truncated", result != null && result.truncated());
        json.name("pipeHolders").beginArray();
        if (result != null) {
            result.pipeHolders().forEach(json::value);
        }
        json.end();
        usage(json.name("usage"), result == null ? null : result.usage().orElse(null));
        stopReport(json.name("stopReport"), report);
        json.end().finish();
    }

    private static void usage(Json json, @Nullable ResourceUsage usage) {
        if (usage == null) {
            json.nullValue();
            return;
        }
        json.beginObject()
                .field("userMillis", usage.user().toMillis())
                .field("systemMillis", usage.system().toMillis())
                .name("maxResidentBytes")
                .number(usage.maxResidentBytes() > ownPeak() ? usage.maxResidentBytes() : null)
                .end();
    }

    /** Linux counts what pm had resident at the launch as the program's: up to there the program's own is not known. */
    private static long ownPeak() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void stopReport(Json json, @Nullable StopReport report) {
        if (report == null) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.field(
                "effectiveStep",
                report.effectiveStep().map(StopPolicy.Step::toString).orElse(null));
        json.name("signalled").beginArray();
        report.signalled().forEach(json::value);
        json.end().name("survivors").beginArray();
        for (StopReport.Survivor survivor : report.survivors()) {
            json.beginObject()
                    .field("pid", survivor.pid())
                    .field("reason", survivor.reason())
                    .end();
        }
        json.end();
        json.field("scanFailure", report.scanFailure().orElse(null));
        json.field("durationMillis", report.duration().toMillis()).end();
    }

    private static Json status(Json json, @Nullable ProcessResult result) {
        ExitStatus status = result == null ? null : result.status();
        String kind = status == null ? "notStarted" : "unknown";
        Integer code = null;
        String signal = null;
        if (status instanceof ExitStatus.Exited exited) {
            kind = "exited";
            code = exited.code();
        } else if (status instanceof ExitStatus.Signaled signaled) {
            kind = "signaled";
            signal = signaled.signal().name();
        }
        json.field("kind", kind);
        json.name("code").number(code);
        return json.field("signal", signal);
    }
}
