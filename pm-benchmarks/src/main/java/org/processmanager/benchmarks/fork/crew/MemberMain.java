package org.processmanager.benchmarks.fork.crew;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import org.processmanager.benchmarks.fork.Fields;

/**
 * A member in a JVM of its own: reads commands from standard input, one a line, and answers on standard output. Ends at the
 * end of its input, so it does not outlive the fork.
 */
public final class MemberMain {
    static final String ANSWER = "@member ";
    static final String FAILURE = "@member-failed ";

    private MemberMain() {}

    /** @param args the class of the workplace, the index, the fork's fields */
    public static void main(String[] args) throws Exception {
        Fields settings = Fields.ofWords(Arrays.asList(args).subList(2, args.length));
        Member member = null;
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                if (member == null) {
                    Workplace workplace = settings.make(Workplace.class, args[0]);
                    member = new ThreadMember(workplace, Integer.parseInt(args[1]), true);
                }
                answer(ANSWER + member.perform(Fields.ofLine(line)).get());
            } catch (ExecutionException e) {
                e.getCause().printStackTrace();
                answer(FAILURE + e.getCause());
            } catch (Exception e) {
                e.printStackTrace();
                answer(FAILURE + e);
            }
        }
        if (member != null) {
            member.close();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void answer(String line) {
        System.out.print(line.replace('\n', ' ') + "\n");
        System.out.flush();
    }
}
