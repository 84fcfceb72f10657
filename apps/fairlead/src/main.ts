#!/usr/bin/env node
import { mindOutput } from './lost-output.ts';
import { terminal } from './output.ts';
import { runProgram } from './program.ts';

mindOutput();
process.exitCode = await runProgram(process.argv.slice(2), terminal);
