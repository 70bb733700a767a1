/**
 * The main job: several producers read the lines of text files, hand them over through a bounded buffer in shared memory,
 * several consumers count words, all of them operating-system processes of their own; the parent watches them and checks
 * what they did against a count in a single process.
 *
 * <pre>
 *   plan (units of work) --stdin--> producer 0..n --cells--> SharedBoundedBuffer --cells--> consumer 0..m
 *                                        |                                                     |
 *                                        +-----> ledger: one line a party, one entry a piece <-+
 *                                                                 |
 *                                                              parent: report
 * </pre>
 */
@NullMarked
package org.processmanager.examples.demo;

import org.jspecify.annotations.NullMarked;
