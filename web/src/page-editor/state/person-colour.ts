import { hueOf } from '../../ui/avatar-initials.js';
import styles from './person-colour.module.css';

/** The class that brings somebody's colour as `--person`, and what is written on it as `--on-person`. That of the avatar, but stronger. */
export const personColour = (userId: string): string => styles[`hue${hueOf(userId)}`] ?? '';
