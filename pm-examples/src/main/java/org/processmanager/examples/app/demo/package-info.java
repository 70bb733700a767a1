/**
 * The demo: producers read the lines of text files and pass them through a bounded buffer in shared memory, consumers count
 * words. Each is a process of its own. The parent watches them and compares their totals with a count in a single process.
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
package org.processmanager.examples.app.demo;

import org.jspecify.annotations.NullMarked;
